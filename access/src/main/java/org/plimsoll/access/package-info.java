/**
 * Who asks, what they may, and the one way in: principals and their credentials, roles, resources and grants, the authorizer,
 * and {@code Operation}, the one shape of everything anyone can ask. {@link org.plimsoll.access.Operations} is the door.
 */
@NullMarked
package org.plimsoll.access;

import org.jspecify.annotations.NullMarked;
