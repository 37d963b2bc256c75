"""Where bytes are kept: content-addressed blobs, durable when acknowledged, verified when read."""
