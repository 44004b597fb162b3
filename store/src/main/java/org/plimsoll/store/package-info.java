/**
 * Where things are kept: rows and their events in a {@link org.plimsoll.store.Database}, bytes in a
 * {@link org.plimsoll.store.BlobStore}, and work to be done later as {@link org.plimsoll.store.Job}s.
 */
@NullMarked
package org.plimsoll.store;

import org.jspecify.annotations.NullMarked;
