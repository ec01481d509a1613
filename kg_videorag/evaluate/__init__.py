"""How good answers are, measured."""
