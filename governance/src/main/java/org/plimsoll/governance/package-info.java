/**
 * Who decides what may serve, on which evidence: candidates under one digest, approvals bound to it, separation of duties
 * computed from lineage, promotions that issue permits, and what must be looked at afterwards.
 */
@NullMarked
package org.plimsoll.governance;

import org.jspecify.annotations.NullMarked;
