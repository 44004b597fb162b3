/**
 * Both sides of the wire of Plimsoll's own REST API: routes for every operation of the catalogue, the client that asks them with
 * the same {@link org.plimsoll.access.Operations}, and the OpenAPI document, all made from the one list.
 */
@NullMarked
package org.plimsoll.api;

import org.jspecify.annotations.NullMarked;
