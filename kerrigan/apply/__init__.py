"""Where the parts meet: read the stage, decide inside the compare-and-swap, make the effects true."""
