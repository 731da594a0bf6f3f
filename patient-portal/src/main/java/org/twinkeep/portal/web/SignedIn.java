package org.twinkeep.portal.web;

import java.io.Serializable;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountId;

/** Who a session belongs to. The account itself is read again on every request. */
public record SignedIn(AccountId id, int generation) implements Serializable {

    static SignedIn as(Account account) {
        return new SignedIn(account.id(), account.generation());
    }

    boolean isStill(Account account) {
        return account.id().equals(id) && account.generation() == generation;
    }
}
