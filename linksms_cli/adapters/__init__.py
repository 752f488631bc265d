"""What we touch in the world: the gateway, files, the store, sockets."""
