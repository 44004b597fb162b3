/** Measurements of the room `scoring`; in its package, so that an engine can be asked without the door around it. */
@org.jspecify.annotations.NullMarked
package org.plimsoll.scoring;
