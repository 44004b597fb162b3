/**
 * The {@code plimsoll} command: one class a verb, all of them asking through {@link org.plimsoll.access.Operations}, so that one's
 * own home and a server elsewhere are one code path.
 */
@NullMarked
package org.plimsoll.cli;

import org.jspecify.annotations.NullMarked;
