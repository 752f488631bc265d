"""The store itself: what it holds, whether it is sound, where it is copied, who may use it."""
