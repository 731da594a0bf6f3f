package org.twinkeep.infra;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Starts another JVM with this one's class path. */
final class Child {
    private Child() {}

    static Process start(Class<?> main, List<String> jvmOptions, String... arguments) throws IOException {
        return start(List.of(), main, jvmOptions, arguments);
    }

    /** @param before what goes before the command: a program that runs it */
    static Process start(List<String> before, Class<?> main, List<String> jvmOptions, String... arguments)
            throws IOException {
        var command = new ArrayList<>(before);
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
