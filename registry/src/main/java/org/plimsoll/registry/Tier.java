package org.plimsoll.registry;

/**
 * How much hangs on a model: exposure, the part it plays in decisions, whether harm can be undone, how many people it touches.
 * The tier chooses the policy, who may approve, and what a card must say.
 */
public enum Tier {
    /** The gravest: decisions about people or much money, hardly undone. */
    T1,
    /** Grave: automated decisions with real effect. */
    T2,
    /** Ordinary: decisions that a person or a process can correct. */
    T3,
    /** Sandbox and internal use; never automated decisions about people. */
    T4;

    /** Whether this tier asks for more than the other. */
    public boolean isGraverThan(Tier other) {
        return compareTo(other) < 0;
    }
}
