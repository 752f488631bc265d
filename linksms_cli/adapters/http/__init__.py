"""HTTP/1.1 within hard limits, for servers and for posting to one: other adapters build on it."""
