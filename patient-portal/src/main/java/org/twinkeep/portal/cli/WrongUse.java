package org.twinkeep.portal.cli;

/** The command was asked for something that makes no sense; the message says what to ask instead. */
final class WrongUse extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongUse(String whatAndWhatToDo) {
        super(whatAndWhatToDo);
    }
}
