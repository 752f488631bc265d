"""Delivery reports (DLR): how they are read, who may send them, and what they add up to."""
