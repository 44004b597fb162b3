/** The inventory: which models there are, who answers for them, their versions and what each version's card says. */
@NullMarked
package org.plimsoll.registry;

import org.jspecify.annotations.NullMarked;
