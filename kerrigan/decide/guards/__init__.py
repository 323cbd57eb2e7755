"""What must hold before a transition. `guards` lists all of them."""
