package org.twinkeep.portal.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("docs/[\\w./-]+\\.md");

    @Test
    void code_in_the_words_stands_in_the_sources() throws IOException {
        var sources = sources();
        var examples = JAVA.matcher(Files.readString(ROOT.resolve("CONTRIBUTING.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(examples).isNotEmpty();
        assertThat(examples).allSatisfy(example -> assertThat(sources).contains(withoutSpaces(example)));
    }

    @Test
    void pages_that_the_words_name_are_there() throws IOException {
        for (var page : List.of("README.md", "CONTRIBUTING.md")) {
            assertThat(LINK.matcher(Files.readString(ROOT.resolve(page)))
                            .results()
                            .map(MatchResult::group))
                    .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
        }
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .map(DocumentationTest::read)
                    .map(DocumentationTest::withoutSpaces)
                    .collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutSpaces(String code) {
        return code.replaceAll("\\s+", "");
    }
}
