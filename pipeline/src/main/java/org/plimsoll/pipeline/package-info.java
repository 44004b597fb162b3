/**
 * From a snapshot to a model, so that anyone can repeat it: the pipeline file, its steps and their keys, the cache, the trainers;
 * running, rerunning and comparing runs.
 */
@NullMarked
package org.plimsoll.pipeline;

import org.jspecify.annotations.NullMarked;
