"""An HTTP/1.1 server with hard limits, for any adapter that has something to serve."""
