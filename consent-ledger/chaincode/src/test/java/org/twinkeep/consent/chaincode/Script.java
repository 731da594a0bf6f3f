package org.twinkeep.consent.chaincode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.KeyedContract;
import org.twinkeep.consent.contract.SignedBytes;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.CharterJson;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.End;
import org.twinkeep.consent.ledger.Transaction.Expire;
import org.twinkeep.consent.ledger.Transaction.Grant;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.SigningKey;

/** Executes every transaction of the chaincode on a state in memory and prints all that it does to the peer, byte for byte. */
final class Script {

    private static final String HOUSE = "house-1";
    private static final String COMMITMENT = "c0".repeat(32);
    private static final SigningKey KEY = TestOrganisations.key(42);
    private static final Charter CHARTER = Charter.of(
            HOUSE,
            "policy-1",
            Map.of(
                    Charter.CUSTODIAN, TestOrganisations.CUSTODIAN.verifyingKey(),
                    Charter.PROVIDER, TestOrganisations.PROVIDER.verifyingKey(),
                    Charter.OVERSIGHT, TestOrganisations.OVERSIGHT.verifyingKey()));

    private final ConsentChaincode chaincode = new ConsentChaincode();
    private final Map<String, byte[]> state = new HashMap<>();
    private Instant at = Instant.parse("2026-01-01T00:00:00.123456789Z");

    private Script() {}

    public static void main(String[] arguments) {
        var script = new Script();
        script.submit(grant(1));
        script.call(KeyedContract.FOUND, CanonicalJson.bytes(CharterJson.write(CHARTER)));
        script.call(KeyedContract.FOUND, CanonicalJson.bytes(CharterJson.write(CHARTER)));
        for (int i = 1; i <= 3; i++) {
            script.submit(grant(i));
        }
        script.submit(grant(1));
        script.submit(new Revoke(handle(1), 2, new byte[64]));
        script.submit(new Revoke(handle(1), 7, new byte[64]));
        script.submit(new Revoke(handle(9), 2, new byte[64]));
        script.submit(revoke(1));
        script.submit(revoke(1));
        script.submit(grant(1));
        script.at = script.at.minusSeconds(60);
        script.submit(new End(
                handle(2),
                2,
                Charter.CUSTODIAN,
                TestOrganisations.CUSTODIAN.sign(SignedBytes.end(HOUSE, handle(2), 2, COMMITMENT, Charter.CUSTODIAN))));
        script.submit(new Expire(
                handle(3),
                2,
                Charter.PROVIDER,
                TestOrganisations.PROVIDER.sign(
                        SignedBytes.expire(HOUSE, handle(3), 2, COMMITMENT, Charter.PROVIDER))));
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

    private static ConsentHandle handle(int number) {
        return new ConsentHandle(String.format(Locale.ROOT, "%064x", number));
    }

    private static Grant grant(int number) {
        var signed = SignedBytes.grant(HOUSE, handle(number), 1, COMMITMENT, KEY.verifyingKey(), "policy-1");
        return new Grant(handle(number), 1, COMMITMENT, KEY.verifyingKey(), "policy-1", KEY.sign(signed));
    }

    private static Revoke revoke(int number) {
        return new Revoke(handle(number), 2, KEY.sign(SignedBytes.revoke(HOUSE, handle(number), 2, COMMITMENT)));
    }
}
