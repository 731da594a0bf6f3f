package org.twinkeep.portal.web.authzen;

import java.net.URI;
import org.twinkeep.crypto.Secret;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Clients.Client;
import org.twinkeep.portal.authzen.AuthZen;
import org.twinkeep.portal.authzen.DecisionPoint;
import org.twinkeep.portal.authzen.HouseDecisions;
import org.twinkeep.projections.reading.Judge;

/** Where programs ask, when the operator opened it by stating the address at which it is reached. */
public final class AuthZenDoor {

    private final URI address;
    private final AuthZen protocol;
    private final Judge judge;
    private final Accounts accounts;

    /**
     * @param address the decision point's identifier: an https address without path, query or fragment
     * @param pages {@code vault.houseKey("authzen")}
     */
    public AuthZenDoor(String address, Secret pages, Judge judge, Accounts accounts) {
        this.address = address(address);
        this.protocol = new AuthZen(pages);
        this.judge = judge;
        this.accounts = accounts;
    }

    private static URI address(String stated) {
        var address = URI.create(stated.strip());
        if (!"https".equals(address.getScheme())
                || address.getHost() == null
                || !("".equals(address.getRawPath()))
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IllegalArgumentException("twinkeep.authzen is the https address of the decision point, such as"
                    + " https://pdp.example.org, without path, query or fragment.");
        }
        return address;
    }

    String address() {
        return address.toString();
    }

    Accounts accounts() {
        return accounts;
    }

    AuthZen protocol() {
        return protocol;
    }

    DecisionPoint decisionsFor(Client client) {
        return new HouseDecisions(judge, accounts, client.looker());
    }
}
