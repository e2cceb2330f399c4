# SPDX-License-Identifier: BSD-2-Clause
# Completion of danepriv's command line in bash.  It knows no option of its own: commands, options
# and their values are what the program's --help says when they are asked for.

# _danepriv_rows HEADING: of --help on standard input, the rows under a heading
_danepriv_rows() {
	local line inside=
	while IFS= read -r line; do
		case $line in
		"$1:") inside=yes ;;
		'') inside= ;;
		*) [[ $inside ]] && printf '%s\n' "$line" ;;
		esac
	done
}

# _danepriv_options [OPTION]: of rows on standard input, all options; or what OPTION's value is
_danepriv_options() {
	local line row="^ +((-[a-z]), |    )(--[a-z0-9-]+)( ('[^']*'|[^ ]+))?(  |\$)"
	while IFS= read -r line; do
		[[ $line =~ $row ]] || continue
		if [[ ! ${1-} ]]; then
			printf '%s\n' "${BASH_REMATCH[3]}"
		elif [[ $1 == "${BASH_REMATCH[3]}" || $1 == "${BASH_REMATCH[2]}" ]]; then
			printf '%s\n' "${BASH_REMATCH[5]}"
		fi
	done
}

_danepriv() {
	local program=${1/#\~\//$HOME/} current=${COMP_WORDS[COMP_CWORD]} option rows value i
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		rows=$("$program" --help 2>/dev/null)
		value="$(_danepriv_rows commands <<<"$rows" | while read -r i _; do echo "$i"; done)
			$(_danepriv_rows options <<<"$rows" | _danepriv_options)"
		mapfile -t COMPREPLY < <(compgen -W "$value" -- "$current")
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} != -- ]] || return
	done
	rows=$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null | _danepriv_rows options)

	# --option value, and --option=value, which bash takes for three words
	option=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $current == = ]]; then
		current=
	elif [[ $option == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	value=
	[[ $option != -* ]] || value=$(_danepriv_options "$option" <<<"$rows")
	case $value in
	'') mapfile -t COMPREPLY < <(compgen -W "$(_danepriv_options <<<"$rows")" -- "$current") ;;
	FILE)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		;;
	*'|'*) mapfile -t COMPREPLY < <(compgen -W "${value//|/ }" -- "$current") ;;
	esac
}

complete -F _danepriv danepriv
