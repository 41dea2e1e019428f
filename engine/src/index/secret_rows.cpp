// SPDX-License-Identifier: MIT
#include "index/secret_rows.h"

#include "index/columns.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace syncline::index {
namespace {

constexpr const char* content_secret = "content";
constexpr const char* journal_secret = "journal";

template <std::size_t count>
bool read_secret(const Connection& connection, std::string_view name,
                 std::array<std::byte, count>& secret) {
  Statement statement{connection, "SELECT bytes FROM secret WHERE name = CAST(? AS TEXT)"};
  if (!statement.bind(name).step() || statement.bytes(0).size() != count) return false;
  std::memcpy(secret.data(), statement.bytes(0).data(), count);
  return true;
}

template <std::size_t count>
void write_secret(const Connection& connection, std::string_view name,
                  const std::array<std::byte, count>& secret) {
  Statement{connection, "INSERT OR REPLACE INTO secret VALUES(CAST(? AS TEXT), ?)"}
      .bind(name, std::string_view{reinterpret_cast<const char*>(secret.data()), count})
      .run();
}

}  // namespace

// Under another secret no tag says anything, nor does the journal of a copy.
Secrets settle_secrets(Connection& connection, const Secrets& fresh) {
  Secrets secrets = fresh;
  const bool has_content = read_secret(connection, content_secret, secrets.content);
  const bool has_journal = read_secret(connection, journal_secret, secrets.journal);
  if (has_content && has_journal) return secrets;
  connection.execute("BEGIN IMMEDIATE");
  if (!has_content) {
    connection.execute(forget_tags);
    write_secret(connection, content_secret, fresh.content);
  }
  if (!has_journal) write_secret(connection, journal_secret, fresh.journal);
  connection.execute("COMMIT");
  return secrets;
}

bool has_secrets(const std::string& path) {
  const Connection connection{path};
  Secrets secrets;
  return read_secret(connection, content_secret, secrets.content) &&
         read_secret(connection, journal_secret, secrets.journal);
}

void forget_secrets(const std::string& path) {
  Connection connection{path};
  Statement table{connection,
                  "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'secret'"};
  if (!table.step()) return;
  table.reset();
  connection.execute("DELETE FROM secret");
}

}  // namespace syncline::index
