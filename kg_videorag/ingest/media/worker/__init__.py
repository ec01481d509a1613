"""Decoding in a process of its own, so that a hostile or broken file harms nothing but itself.

    MediaReader -> Worker (starts the process, waits, ends it) -> Inbox (what came, by a thread)
                     |  requests                                    ^  frames: header, bytes
                     v                                              |
                   child: limits -> probe, decode, captions ------> wire

Each call starts a child. It gets the file's name over a pipe, an environment without secrets and
limits of memory, processor, files; it answers in frames of checked JSON and raw bytes, never
pickles: who takes over the decoder must not run code here (docs/adr/0018-safe-decoding.md).
"""
