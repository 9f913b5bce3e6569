#pragma once
// libjpeg reports errors by a function that must not return: here it longjmps to whoever runs a step.

#include <array>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs FILE and does not include it

#include <jpeglib.h>

namespace bioctl::image {

class JpegErrors {
public:
    JpegErrors() {
        jpeg_std_error(&m_base);
        m_base.error_exit = [](j_common_ptr info) { of(info).leave(info); };
        m_base.emit_message = [](j_common_ptr, int) {};
    }
    JpegErrors(JpegErrors const&) = delete;
    JpegErrors& operator=(JpegErrors const&) = delete;

    /// False if the step ended in leave() or refuse(). `step` is left by longjmp: it may hold nothing with a destructor.
    template <class Step>
    [[nodiscard]] bool run(Step step) {
        if (setjmp(m_escape) != 0) return false;
        step();
        return true;
    }

    [[noreturn]] void leave(j_common_ptr info) {
        m_base.format_message(info, m_message.data());
        std::longjmp(m_escape, 1);
    }
    /// For reasons that libjpeg has no words for.
    [[noreturn]] void refuse(char const* reason) {
        m_base.msg_code = 0;
        std::snprintf(m_message.data(), m_message.size(), "%s", reason);
        std::longjmp(m_escape, 1);
    }
    [[nodiscard]] static JpegErrors& of(j_common_ptr info) { return *static_cast<JpegErrors*>(info->client_data); }

    [[nodiscard]] jpeg_error_mgr& base() { return m_base; }
    [[nodiscard]] int code() const { return m_base.msg_code; }
    [[nodiscard]] char const* message() const { return m_message.data(); }

private:
    jpeg_error_mgr m_base{};
    std::jmp_buf m_escape{};
    std::array<char, JMSG_LENGTH_MAX> m_message{};
};

}  // namespace bioctl::image
