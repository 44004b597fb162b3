package org.plimsoll.governance;

import org.plimsoll.gates.Approvals.Part;

/**
 * The part a person had in what is to be approved, as records show it.
 *
 * @param person the id of the human, whichever of their accounts acted; a program counts as who answers for it
 * @param because the record that shows it, in words for the person who is refused
 */
public record Involvement(String person, Part part, String because) {

    /** {@code trained it (run 0199c4…)}. */
    public String words() {
        String did = switch (part) {
            case AUTHOR -> "wrote it";
            case TRAINER -> "trained it";
            case REGISTRANT -> "registered it";
            case CARD_AUTHOR -> "wrote its card";
            case DATA_PREPARER -> "prepared its data";
            case POLICY_EDITOR -> "changed the policy that judges it";
        };
        return did + " (" + because + ")";
    }
}
