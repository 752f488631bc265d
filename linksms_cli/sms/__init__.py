"""What this tool knows: rules and values, no I/O, no clock, no environment.

Values are frozen dataclasses. The wide ones that every `send` defines are named tuples, always made
with keywords: a dataclass of 18 fields takes 1.7 ms to define and a named tuple 0.3 (measured with
CPython 3.11), and `send` is started hundreds of times a day.
"""
