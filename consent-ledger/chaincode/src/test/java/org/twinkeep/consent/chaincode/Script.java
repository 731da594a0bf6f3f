package org.twinkeep.consent.chaincode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.twinkeep.consent.contract.EveryAct;
import org.twinkeep.consent.contract.KeyedContract;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.CharterJson;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.Propose;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;

/** Executes every transaction of the chaincode on a state in memory and prints all that it does to the peer, byte for byte. */
final class Script {

    private static final String HOUSE = "house-1";
    private static final Charter CHARTER = Charter.of(
            HOUSE,
            "policy-1",
            Map.of(
                    Charter.CUSTODIAN, TestOrganisations.CUSTODIAN.verifyingKey(),
                    Charter.PROVIDER, TestOrganisations.PROVIDER.verifyingKey(),
                    Charter.OVERSIGHT, TestOrganisations.OVERSIGHT.verifyingKey()));

    private final ConsentChaincode chaincode = new ConsentChaincode();
    private final Map<String, byte[]> state = new HashMap<>();
    private Instant at = Instant.parse("2026-03-01T11:00:00.123456789Z");

    private Script() {}

    public static void main(String[] arguments) {
        var script = new Script();
        var all = EveryAct.on(CHARTER).values();
        script.submit(all.iterator().next());
        script.call(KeyedContract.FOUND, CanonicalJson.bytes(CharterJson.write(CHARTER)));
        script.call(KeyedContract.FOUND, CanonicalJson.bytes(CharterJson.write(CHARTER)));
        for (var transaction : all) {
            script.submit(transaction);
            script.submit(transaction);
            script.submit(new Revoke(transaction.handle(), 2, new byte[64]));
            script.submit(new Revoke(transaction.handle(), 7, new byte[64]));
            script.at = script.at.minusSeconds(60);
        }
        script.submit(new Propose(EveryAct.handle(50), 1, EveryAct.hash(1), Charter.OVERSIGHT, new byte[64]));
        script.call(KeyedContract.SUBMIT, HOUSE.getBytes(UTF_8), "{ }".getBytes(UTF_8));
        script.call("other");
    }

    private void submit(Transaction transaction) {
        call(KeyedContract.SUBMIT, HOUSE.getBytes(UTF_8), CanonicalJson.bytes(TransactionJson.write(transaction)));
    }

    private void call(String function, byte[]... arguments) {
        var all = new ArrayList<>(List.of(function.getBytes(UTF_8)));
        all.addAll(List.of(arguments));
        var answer = chaincode.invoke(stub(all));
        System.out.println(function + " -> " + answer.getStatusCode() + " " + answer.getMessage() + " "
                + (answer.getPayload() == null ? "" : new String(answer.getPayload(), UTF_8)));
    }

    /** Whatever else the chaincode asked of its peer would fail here. */
    private ChaincodeStub stub(List<byte[]> all) {
        return (ChaincodeStub) Proxy.newProxyInstance(
                Script.class.getClassLoader(),
                new Class<?>[] {ChaincodeStub.class},
                (_, method, given) -> switch (method.getName()) {
                    case "getArgs" -> all;
                    case "getTxTimestamp" -> at;
                    case "getState" -> state.get((String) given[0]);
                    case "putState" -> {
                        state.put((String) given[0], (byte[]) given[1]);
                        yield printed("put", given);
                    }
                    case "setStateValidationParameter" -> printed("endorse", given);
                    case "setEvent" -> printed("event", given);
                    default -> throw new IllegalStateException("the contract asks for " + method.getName());
                });
    }

    private static Object printed(String what, Object[] given) {
        System.out.println(what + " " + given[0] + " " + HexFormat.of().formatHex((byte[]) given[1]));
        return null;
    }
}
