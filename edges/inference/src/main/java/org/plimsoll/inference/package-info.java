/**
 * The Open Inference Protocol v2 over HTTP: health, metadata, inference with JSON and binary tensors. Decoding and encoding know
 * nothing of HTTP: bytes in, bytes out.
 */
@NullMarked
package org.plimsoll.inference;

import org.jspecify.annotations.NullMarked;
