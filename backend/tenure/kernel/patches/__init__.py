"""Uses of private APIs of libraries, one module each: why it exists, and when it can be removed."""
