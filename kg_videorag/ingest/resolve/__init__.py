"""Which names are one person's or one thing's: in a video, and over the library by SAME_AS.

Why: docs/adr/0023-resolution.md.
"""
