// A library to be preloaded into a process on Linux and x86-64: its processor then says of itself that it has AVX2, but neither
// AVX-512, AVX-VNNI nor AMX. ONNX Runtime has no setting for that. CPUID is made to fault, and the fault answers.
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static struct sigaction before;

static void answer(int signal, siginfo_t *info, void *context) {
  greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
  const unsigned char *at = (const unsigned char *)r[REG_RIP];
  if (at[0] != 0x0f || at[1] != 0xa2) { // another fault
    sigaction(SIGSEGV, &before, 0);
    return;
  }
  unsigned leaf = r[REG_RAX], part = r[REG_RCX], a, b, c, d;
  syscall(SYS_arch_prctl, ARCH_SET_CPUID, 1);
  __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(leaf), "c"(part));
  syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0);
  if (leaf == 7 && part == 0) {
    b &= ~(1u << 16 | 1u << 17 | 1u << 21 | 0xfu << 26 | 3u << 30); // AVX-512 F, DQ, IFMA, PF, ER, CD, BW, VL
    c &= ~(1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14);     // VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ
    d &= ~(1u << 2 | 1u << 3 | 1u << 8 | 7u << 22);                 // 4VNNIW, 4FMAPS, VP2INTERSECT, AMX BF16, FP16, TILE
    d &= ~(3u << 24);                                               // AMX TILE, INT8
  }
  if (leaf == 7 && part == 1) {
    a &= ~(3u << 4); // AVX-VNNI, AVX512-BF16
    d &= ~(3u << 4); // AVX-VNNI-INT8
  }
  r[REG_RAX] = a, r[REG_RBX] = b, r[REG_RCX] = c, r[REG_RDX] = d, r[REG_RIP] += 2;
}

__attribute__((constructor)) static void hold(void) {
  struct sigaction to;
  memset(&to, 0, sizeof to);
  to.sa_sigaction = answer;
  to.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSEGV, &to, &before);
  if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0) != 0) {
    const char text[] = "this machine cannot hold a process to AVX2\n";
    (void)!write(2, text, sizeof text - 1);
    _exit(1);
  }
}
