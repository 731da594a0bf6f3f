package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Somebody with a browser: a session, pages and forms. */
final class Visitor {
    private final MockMvc mvc;
    private MockHttpSession session = new MockHttpSession();

    Visitor(MockMvc mvc) {
        this.mvc = mvc;
    }

    Visitor signsIn(String name) throws Exception {
        return signsIn(name, Stage.PASSWORD);
    }

    Visitor signsIn(String name, String password) throws Exception {
        var answer = posts("/sign-in", "name", name, "password", password);
        assertThat(answer.getStatus()).isEqualTo(302);
        return this;
    }

    MockHttpServletResponse gets(String path) throws Exception {
        return asks(get(path));
    }

    String reads(String path) throws Exception {
        var answer = gets(path);
        assertThat(answer.getStatus()).as(path).isEqualTo(200);
        return answer.getContentAsString();
    }

    /** @param fields names and values in turn */
    MockHttpServletResponse posts(String path, String... fields) throws Exception {
        return asks(filled(path, fields).with(csrf()));
    }

    /** A form with one file. @param fields names and values in turn */
    MockHttpServletResponse sends(String path, String field, String file, byte[] content, String... fields)
            throws Exception {
        var request = multipart(path);
        request.file(new MockMultipartFile(field, file, "application/json", content));
        for (int i = 0; i < fields.length; i += 2) {
            request.param(fields[i], fields[i + 1]);
        }
        var result = mvc.perform(request.session(session).with(csrf())).andReturn();
        return result.getResponse();
    }

    MockHttpServletResponse postsWithoutToken(String path, String... fields) throws Exception {
        return asks(filled(path, fields));
    }

    private static MockHttpServletRequestBuilder filled(String path, String... fields) {
        var request = post(path);
        for (int i = 0; i < fields.length; i += 2) {
            request.param(fields[i], fields[i + 1]);
        }
        return request;
    }

    private MockHttpServletResponse asks(MockHttpServletRequestBuilder request) throws Exception {
        var result = mvc.perform(request.session(session)).andReturn();
        if (result.getRequest().getSession(false) instanceof MockHttpSession still) {
            session = still;
        } else {
            session = new MockHttpSession();
        }
        return result.getResponse();
    }
}
