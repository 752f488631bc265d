"""Reports of every kind and shape, fired at somebody's receiver."""
