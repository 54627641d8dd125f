"""A whole year of a place at speed: its people, made up from a seed, act through the real actions; the drive runs."""

from .run import Asked, Simulated, simulate

__all__ = ["Asked", "Simulated", "simulate"]
