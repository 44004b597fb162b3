/** The pages: drawn by the server from the records that operations answer with, usable without a script. */
@NullMarked
package org.plimsoll.web;

import org.jspecify.annotations.NullMarked;
