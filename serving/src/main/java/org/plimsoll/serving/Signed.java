package org.plimsoll.serving;

/**
 * A signed document as it lies on the disk.
 *
 * @param type what the document is; it is signed along, so that a document of one type never passes for another
 * @param body the document's JSON bytes in Base64
 * @param signature Ed25519 over {@code plimsoll/<type>}, a line feed and the body's bytes, in Base64
 */
public record Signed(String type, String body, String signature) {}
