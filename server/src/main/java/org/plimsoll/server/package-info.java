/**
 * Assembles the application: every room opened in constructor order from one configuration, behind one front door. No reflection,
 * no container: to see how the house hangs together, read {@link org.plimsoll.server.Application} from top to bottom.
 */
@NullMarked
package org.plimsoll.server;

import org.jspecify.annotations.NullMarked;
