"""What the tool does, a verb a file: adapters and rules joined, typed values out, no printing."""
