const githubWorkflow = (
  image: string,
): string => `# Checks each pull request, and shows what it does to running databases.
name: ballast
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  databases:
    runs-on: ubuntu-latest
    container:
      image: ${image}
      options: --user 0
    env:
      BASE: \${{ github.base_ref }}
    steps:
      - uses: actions/checkout@v5
        with:
          fetch-depth: 0 # with the history, a stale branch is not blamed for changes of others
      - name: The Databases are valid
        run: ballast validate databases/ \${BASE:+--against "origin/$BASE"} --format github
      - name: The rendered files are up to date
        run: ballast generate databases/ --out rendered/ --check
      - name: What the change does to running databases
        if: github.base_ref != ''
        run: ballast diff databases/ --against "origin/$BASE" --format markdown >> "$GITHUB_STEP_SUMMARY"
`;

const gitlabWorkflow = (
  image: string,
): string => `# Checks each merge request, and shows what it does to running databases.
ballast:
  image:
    name: ${image}
    entrypoint: [""]
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  variables:
    GIT_DEPTH: "0" # with the history, a stale branch is not blamed for changes of others
  script:
    - BASE="$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
    - ballast validate databases/ \${BASE:+--against "origin/$BASE"}
    - ballast generate databases/ --out rendered/ --check
    - if [ -n "$BASE" ]; then ballast diff databases/ --against "origin/$BASE"; fi
`;

/** A forge that a workflow can be written for. */
export type Forge = 'github' | 'gitlab';

/** The workflow of each forge: its file, and the text of that, which names the image of the command line. */
export const WORKFLOWS: Readonly<Record<Forge, { readonly path: string; readonly text: (image: string) => string }>> = {
  github: { path: '.github/workflows/ballast.yaml', text: githubWorkflow },
  gitlab: { path: '.gitlab-ci.yml', text: gitlabWorkflow },
};

/** Their names. */
export const FORGES = Object.keys(WORKFLOWS) as readonly Forge[];
