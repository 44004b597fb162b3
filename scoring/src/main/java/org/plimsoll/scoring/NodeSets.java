package org.plimsoll.scoring;

/** The splits of an ensemble that ask whether a value is in a set. */
interface NodeSets {

    /** Whether there is any such split. */
    boolean any();

    /** Whether this node is one. */
    boolean has(int node);

    /** 1 where this value goes right at this node, else 0. */
    int right(int node, double value, byte missingRight);
}
