/** Whether a version still does what it was approved for: windows of its traffic, what crossed a bound, and what follows from it. */
@NullMarked
package org.plimsoll.monitoring;

import org.jspecify.annotations.NullMarked;
