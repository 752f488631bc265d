"""The way to a gateway, looked at step by step: nothing is sent that could do anything."""
