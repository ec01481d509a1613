"""Whether an answer's sentences are said by the evidence that they cite."""
