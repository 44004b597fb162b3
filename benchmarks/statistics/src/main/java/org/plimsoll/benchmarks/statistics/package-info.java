/** Measures the statistics room beside the Python originals; README.md has the commands and the results. */
@NullMarked
package org.plimsoll.benchmarks.statistics;

import org.jspecify.annotations.NullMarked;
