"""Work that agents do on this machine."""
