"""HTTP/1.1 as a server speaks it, within hard limits: a room that other adapters build on."""
