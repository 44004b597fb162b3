/** What leadership and auditors read: which models run, why they were approved, how they perform, and who is accountable. */
@NullMarked
package org.plimsoll.reports;

import org.jspecify.annotations.NullMarked;
