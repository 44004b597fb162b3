package org.plimsoll.governance;

import java.util.Locale;

/**
 * The part a person had in what is to be approved, as records show it.
 *
 * @param person the id of the human, whichever of their accounts acted; a service counts as its owner
 * @param because the record that shows it, in words for the person who is refused
 */
public record Involvement(String person, Part part, String because) {

    /** What somebody may have done. */
    public enum Part {
        /** Wrote code or steps that made the model. */
        AUTHOR("wrote it"),
        /** Started the run that trained it. */
        TRAINER("trained it"),
        /** Registered the version. */
        REGISTRANT("registered it"),
        /** Wrote its card. */
        CARD_AUTHOR("wrote its card"),
        /** Brought or prepared the data it learned from. */
        DATA_PREPARER("prepared its data"),
        /** Last changed the policy that judges it. */
        POLICY_EDITOR("changed the policy that judges it");

        private final String words;

        Part(String words) {
            this.words = words;
        }

        /** What they did: {@code trained it}. */
        public String words() {
            return words;
        }

        /** As policies and JSON write it: {@code data_preparer}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
