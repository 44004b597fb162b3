/**
 * What a candidate must prove before it may serve: policies as people read them, checks, and the report of what was found.
 */
@NullMarked
package org.plimsoll.gates;

import org.jspecify.annotations.NullMarked;
