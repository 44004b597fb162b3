package org.plimsoll.store;

import org.jdbi.v3.core.Handle;

/** The reading that both databases hand out. */
record View(Handle sql, long now) implements Reading {}
