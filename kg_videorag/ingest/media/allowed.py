"""What is opened and decoded: containers and codecs by name, and how large they may be.

FFmpeg brings some 500 decoders. Most were written for games and cameras of the nineties, are
tried by nobody and are where its security holes are found. Those here are what cameras,
telephones, editors, recorders of screens and meetings, and web sites make today, and what
archives hold. The rest is named in the error, with the command that converts it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av

    from kg_videorag.model import DecodeLimits

CONTAINERS = (
    "aac", "aiff", "amr", "asf", "avi", "caf", "flac", "flv", "matroska", "mov", "mp3", "mpeg",
    "mpegts", "ogg", "w64", "wav",
)  # fmt: skip
"""FFmpeg's names of the demuxers in use; `mov` is also mp4 and m4a, `matroska` also webm."""

# FFmpeg's names of decoders, which differ between its builds: each that may decode a codec.
_MOVING = (
    "h264 hevc av1 libdav1d vp8 libvpx vp9 libvpx-vp9"  # what is made today
    " mpeg4 msmpeg4v1 msmpeg4v2 msmpeg4 h263 h263p flv vp6 vp6a vp6f"  # the web before that
    " mpeg1video mpeg2video mpegvideo dvvideo wmv1 wmv2 wmv3 vc1 theora"  # discs, tapes, Windows
    " prores dnxhd cfhd ffv1"  # editors, archives
).split()
# Cameras film in it; covers are stored in it too, and those must not be decoded while a header
# is read.
_STILL = ("mjpeg",)
_SOUND = (
    "aac aac_latm mp1 mp1float mp2 mp2float mp3 mp3float opus libopus vorbis flac alac"
    " ac3 eac3 dca truehd mlp wmav1 wmav2 wmapro wmalossless wmavoice"
    " amrnb amrwb libopencore_amrnb gsm gsm_ms speex libspeex nellymoser g722 g726"  # telephones
    " adpcm_ms adpcm_ima_wav adpcm_ima_qt adpcm_swf adpcm_yamaha wavpack tta"
    " pcm_s8 pcm_u8 pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le pcm_f32be"
    " pcm_f64le pcm_f64be pcm_u16le pcm_u16be pcm_s16le_planar"
    " pcm_alaw pcm_mulaw pcm_bluray pcm_dvd"
).split()
DECODERS = frozenset({*_MOVING, *_STILL, *_SOUND})
"""FFmpeg's names of the decoders of pictures and sound in use; `captions` has those of text."""

_BYTES_PER_PIXEL = 3  # 10-bit 4:2:0, the largest that is common
# Of the memory: a decoder needs a frame to work on, one or two to refer to, and one is converted.
# With threads it is as much for each of them; a quarter goes to pictures that were handed out.
_SHARE_OF_FRAME = 4
_MAX_THREADS = 8  # each holds a frame more, and decoders gain little beyond

CONVERT_HINT = "Convert it first, such as by: ffmpeg -i FILE -c:v libx264 -c:a aac NEW.mp4"


def open_options(limits: DecodeLimits) -> dict[str, str]:
    """What FFmpeg is told when it opens a file. It may decode a frame to learn its shape."""
    return {
        "format_whitelist": ",".join(CONTAINERS),
        "protocol_whitelist": "file",
        "codec_whitelist": ",".join((*_MOVING, *_SOUND)),
        "max_pixels": str(limits.pixels),
    }


def refusal(stream: av.stream.Stream, limits: DecodeLimits) -> str:
    """Why a stream of pictures or sound is not decoded, as "is in CODEC, ..."; "" where it is."""
    context = stream.codec_context
    if context is None:
        return "is in a format that is not known"
    if context.name not in DECODERS:
        return f"is in {context.codec.canonical_name}, which is not read"
    if stream.type == "video":
        return _too_large(context.width, context.height, limits)
    return ""


def _too_large(width: int, height: int, limits: DecodeLimits) -> str:
    if width * height > limits.pixels:
        size = f"{width} x {height} pixels"
        return f"has {size}, more than the {limits.pixels:,} that are allowed"
    if width * height * _BYTES_PER_PIXEL * _SHARE_OF_FRAME > limits.memory_bytes:
        return f"has {width} x {height} pixels, which take more memory than is allowed"
    return ""


def restrain(stream: av.VideoStream, limits: DecodeLimits) -> None:
    """Hold a decoder to the limits: frames may grow on the way, and each thread holds some.

    Args:
        stream: Not decoded yet.
        limits: What it may take.
    """
    context = stream.codec_context
    context.options = {**context.options, "max_pixels": str(limits.pixels)}
    frame_bytes = max(context.width * context.height, 1) * _BYTES_PER_PIXEL
    affordable = limits.memory_bytes // _SHARE_OF_FRAME // frame_bytes
    context.thread_count = max(1, min(_MAX_THREADS, os.cpu_count() or 1, affordable))
